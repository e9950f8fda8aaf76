int quiet(void);
