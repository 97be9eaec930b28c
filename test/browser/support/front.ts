// An origin that is known before the Worker behind it starts: passkeys are bound to the issuer's, which names its port.
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Front {
  readonly origin: string;
  /** Forwards requests to the Worker from now on. */
  passTo(workerOrigin: string): void;
  close(): void;
}

export async function openFront(): Promise<Front> {
  let target: URL | undefined;
  const server = createServer((asked, answer) => {
    if (!target) return answer.writeHead(503).end();
    const { hostname, port } = target;
    const { method, url: path, headers } = asked;
    const passed = request({ hostname, port, method, path, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    return asked.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    origin: `http://localhost:${port}`,
    passTo: (workerOrigin) => {
      target = new URL(workerOrigin);
    },
    close: () => server.close(),
  };
}
