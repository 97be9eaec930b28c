// A port for a process that takes one and cannot choose.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { promisify } from 'node:util';

export async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  await promisify(listener.close.bind(listener))();
  return typeof address === 'object' && address ? address.port : 0;
}
