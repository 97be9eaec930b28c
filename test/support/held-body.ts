// A request body that is held open with one byte sent, until it is let go.

export interface HeldBody {
  readonly stream: ReadableStream<Uint8Array>;
  /** Resolves once the reader waits for the second byte. */
  readonly waiting: Promise<void>;
  letGo(): void;
}

export function heldBody(text: string): HeldBody {
  const bytes = new TextEncoder().encode(text);
  const waiting = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let pulls = 0;
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        pulls += 1;
        if (pulls === 1) return controller.enqueue(bytes.slice(0, 1));
        waiting.resolve();
        await gate.promise;
        controller.enqueue(bytes.slice(1));
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, waiting: waiting.promise, letGo: () => gate.resolve() };
}
