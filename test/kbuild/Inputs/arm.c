/* Parses only for arm64, with the macro of its command. */
#if !defined(__aarch64__) || !defined(NEEDED)
#error the wrong machine
#endif
int arm(void);
