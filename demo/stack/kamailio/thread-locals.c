/*
 * Gives each process of Kamailio thread-locals of its own.
 *
 * OpenSSL 3 keeps its queue of errors in a thread-local. Kamailio before 5.8 makes it in shared memory before it forks, so
 * that all its processes write into the same one, and where several connections end at the same moment it is freed twice and
 * the gateway dies (Kamailio issue 3791). From 5.8 on `tls_threads_mode=2` does what stands here.
 */
#include <pthread.h>

/* OpenSSL's keys are among the first. */
enum { KEYS = 16 };

static void forget(void) {
  for (pthread_key_t key = 0; key < KEYS; key++) {
    if (pthread_getspecific(key)) pthread_setspecific(key, 0);
  }
}

__attribute__((constructor)) static void watch(void) { pthread_atfork(0, 0, forget); }
