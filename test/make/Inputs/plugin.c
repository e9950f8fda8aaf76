/* A plugin that leaves a witness where it is loaded, into whatever. */
#include <fcntl.h>
#include <unistd.h>

int plugin_is_GPL_compatible;

__attribute__((constructor)) static void loaded(void)
{
	close(open(WITNESS, O_CREAT | O_WRONLY, 0600));
}
