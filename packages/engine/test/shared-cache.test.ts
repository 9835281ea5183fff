import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import KeyvRedis from '@keyv/redis';
import { ChatEngine } from '@kortana/engine';
import { Keyv } from 'keyv';
import { expect, test } from 'vitest';
import { readAll } from './read-all.ts';
import { scriptedModel } from './scripted-model.ts';

const isRedisInstalled = spawnSync('redis-server', ['--version']).status === 0;

test('several engines share their answers through a Keyv', async () => {
  const store = new Keyv();
  const first = new ChatEngine({ model: scriptedModel('hello'), cache: { store } });
  await first.getResponse('hi', { userId: 'a' });
  await first.shutdown();
  const second = new ChatEngine({ model: scriptedModel('other'), cache: { store } });
  expect(await second.getResponse('hi', { userId: 'a' })).toMatchObject({
    content: 'hello',
    metadata: { source: 'cache' },
  });
  expect((await second.getResponse('hi', { userId: 'b' })).content).toBe('other');
});

test.skipIf(!isRedisInstalled)(
  `a Redis is shared, and its death costs no answer${isRedisInstalled ? '' : ' (skipped: no redis-server installed)'}`,
  async () => {
    const { url, process } = await startRedis();
    const adapters = [new KeyvRedis(url), new KeyvRedis(url)];
    const [one, two] = adapters.map(
      (adapter) =>
        new ChatEngine({
          model: scriptedModel('hello there'),
          cache: { store: new Keyv({ store: adapter }) },
        }),
    ) as [ChatEngine, ChatEngine];
    await one.getResponse('hi');
    await one.shutdown();
    const { text, reply } = await readAll(two.streamResponse('hi'));
    expect({ text, source: reply?.metadata.source }).toEqual({
      text: 'hello there',
      source: 'cache',
    });

    process.kill('SIGKILL');
    await once(process, 'exit');
    const { content, metadata } = await two.getResponse('something new');
    expect(content).toBe('hello there');
    expect(metadata).toMatchObject({ source: 'live', degraded: [{ part: 'cache.store' }] });
    expect((await two.getResponse('hi')).metadata.source).toBe('cache');
    await two.shutdown();
    for (const adapter of adapters) await adapter.disconnect(true).catch(() => {});
  },
);

async function startRedis(): Promise<{ url: string; process: ChildProcess }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', tmpdir()];
  const process = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const line of process.stdout.setEncoding('utf8')) {
    if (String(line).includes('Ready to accept connections')) break;
  }
  return { url: `redis://127.0.0.1:${port}`, process };
}
