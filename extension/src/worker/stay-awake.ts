/** Milliseconds. A worker that calls nothing of the browser for 30 s is ended, whatever it waits for. */
const pause = 20_000;

/**
 * Keeps the worker from being ended as idle until the work is done: cloning and waking machines take minutes.
 * https://developer.chrome.com/docs/extensions/develop/migrate/to-service-workers#keep_a_service_worker_alive_until_a_long-running_operation_is_finished
 */
export const stayAwake = async <Done>(work: Promise<Done>): Promise<Done> => {
  const timer = setInterval(() => void chrome.runtime.getPlatformInfo(), pause);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
};
