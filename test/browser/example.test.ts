// The app in examples/: a page that signs its person in, and a server that verifies the token by the published keys.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../../scripts/wrangler.ts';
import { ADMIN, openPage, type Site, startedSite } from './support/admin-site.ts';
import { describeInChromium } from './support/chromium.ts';

const PORT = '8788';
const APP = `http://localhost:${PORT}/`;

/** A port that leads to the site. The site must know its own address before it has one. */
async function openedDoor(): Promise<{ server: Server; origin: string; leadTo: (origin: string) => void }> {
  let target = 0;
  const server = createServer((socket) => {
    const onward = connect(target, '127.0.0.1');
    socket.pipe(onward).pipe(socket);
    for (const end of [socket, onward]) end.on('error', () => end.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // of a TCP server
  return {
    server,
    origin: `http://localhost:${port}`,
    leadTo: (origin) => {
      target = Number(new URL(origin).port);
    },
  };
}

async function startedExample(latchkey: string): Promise<ChildProcess> {
  const { email: EMAIL, password: PASSWORD } = ADMIN;
  const child = spawn(process.execPath, [`${root}examples/server.js`], {
    env: { ...process.env, LATCHKEY: latchkey, PORT, EMAIL, PASSWORD },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('the example has no stdout');
  await once(createInterface({ input: child.stdout }), 'line');
  return child;
}

describeInChromium('the example', (browser) => {
  const person = { email: 'grace@example.com', username: 'Grace', password: 'a nanosecond of wire' };
  let site: Site;
  let example: ChildProcess;
  let door: Awaited<ReturnType<typeof openedDoor>>;
  beforeAll(async () => {
    door = await openedDoor();
    site = await startedSite({ ISSUER: door.origin });
    door.leadTo(site.origin);
    await site.register(person);
    example = await startedExample(door.origin);
  });
  afterAll(async () => {
    example?.kill();
    door?.server.close();
    await site?.stop();
  });

  it('signs somebody in, reads what is theirs, and signs them out', async () => {
    const page = await openPage(browser());
    await page.goto(APP);
    await page.getByRole('button', { name: 'Sign in with Latchkey' }).click();
    await page.locator('#name').fill(person.email);
    await page.locator('#password').fill(person.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { name: 'Sign in to Notes?' }).waitFor();
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    await page.getByText('You are Grace.').waitFor();
    await page.getByRole('button', { name: 'Read my notes' }).click();
    await page.getByText('Bread').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You are not signed in.').waitFor();
    await page.getByRole('button', { name: 'Sign in with Latchkey' }).click();
    await page.locator('#password').waitFor();
    expect(new URL(page.url()).origin).toBe(door.origin);
  });

  it('takes no for an answer, and no token of another service', async () => {
    const page = await openPage(browser());
    await page.goto(APP);
    await page.getByRole('button', { name: 'Sign in with Latchkey' }).click();
    await page.locator('#name').fill(person.email);
    await page.locator('#password').fill(person.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('button', { name: 'Do not allow' }).click();
    await page.getByText('The sign-in failed: access_denied').waitFor();
    const { access_token: own } = await site.logIn(person);
    for (const [token, status] of [
      ['', 401],
      ['x.y.z', 401],
      [own, 403],
    ] as const)
      expect((await fetch(`${APP}notes`, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(status);
  });
});
