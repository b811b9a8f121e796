// Waits for standard input with poll, first too short, then long enough.
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
  struct pollfd in = {.fd = 0, .events = POLLIN};
  int ready = poll(&in, 1, 50);
  printf("%d\n", ready);
  fflush(stdout);
  ready = poll(&in, 1, 60000);
  char text[16] = "";
  ssize_t length = read(0, text, sizeof text - 1);
  printf("%d %d %zd %s", ready, (in.revents & POLLIN) != 0, length, text);
  struct pollfd both[2] = {{.fd = 1, .events = POLLOUT}, {.fd = 99, .events = POLLIN}};
  fflush(stdout);
  printf("%d", poll(both, 1, 1000));
  printf(" %d\n", (both[0].revents & POLLOUT) != 0);
  return 0;
}
