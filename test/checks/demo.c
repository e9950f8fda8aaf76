// RUN: %check_vfio %s vfio-* %t -gen=6.1 -expect-clean
int f(void);
