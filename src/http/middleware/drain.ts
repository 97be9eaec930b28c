// Reads and drops what is left of a request body, so that the client gets to read its response.

/** Above the largest body that any route takes. */
const MAX_DRAINED_BYTES = 64 * 1024 * 1024;
const MAX_DRAIN_MS = 10 * 1000;

/** Reads until the end of the body, the limit in bytes or the limit in time, and then cancels it. Never rejects. */
export async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, MAX_DRAIN_MS);
  });
  try {
    await Promise.race([readAway(reader), timeout]);
    await reader.cancel();
  } catch {
    // The client has disconnected.
  } finally {
    clearTimeout(timer);
  }
}

async function readAway(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  let bytes = 0;
  while (bytes < MAX_DRAINED_BYTES) {
    const { done, value } = await reader.read();
    if (done) return;
    bytes += value.byteLength;
  }
}
