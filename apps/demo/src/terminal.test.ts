import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { ChatEngine } from '@kortana/engine';
import { openaiModel } from '@kortana/llm';
import { inMemoryStore, Memory } from '@kortana/memory';
import { startProvider } from '@kortana/provider';
import { expect, onTestFinished, test } from 'vitest';
import { consoleOf } from './console.ts';
import { talk } from './terminal.ts';

/** A terminal of which the test is the person: what is typed goes in, what is shown is kept. */
async function terminal() {
  const provider = await startProvider({ answer: () => '▶ a long story, told well' });
  const memory = new Memory({ store: inMemoryStore() });
  const model = openaiModel({ model: 'm', baseURL: provider.url });
  const engine = new ChatEngine({ model, memory, random: () => 0 });
  onTestFinished(async () => {
    await engine.shutdown();
    await memory.close();
    await provider.close();
  });
  const stream = () => Object.assign(new PassThrough(), { isTTY: true });
  const [stdin, stdout, stderr] = [stream(), stream(), stream()];
  let shown = '';
  const look = new PassThrough();
  for (const output of [stdout, stderr])
    output.on('data', (data) => {
      shown += String(data);
      look.emit('change');
    });
  const console = consoleOf({ stdin, stdout, stderr, env: { NO_COLOR: '1' } });
  const ended = talk({ engine, console, memory, userId: 'ada', session: 'first' }, stderr);
  return {
    provider,
    engine,
    ended,
    shown: () => shown,
    type: (keys: string) => void stdin.write(keys),
    async sees(text: string) {
      while (!shown.includes(text)) await once(look, 'change');
    },
  };
}

const ctrlC = '\x03';
const ctrlD = '\x04';

test('ends at Ctrl-D', async () => {
  const { type, ended, sees } = await terminal();
  await sees('you › ');
  type(ctrlD);
  await expect(ended).resolves.toBeUndefined();
});

test('stops the reply at the first Ctrl-C, and goes on talking', async () => {
  const { provider, type, ended, sees } = await terminal();
  provider.fail('stall, after=1');
  type('tell me something long\r');
  await sees('▶');
  type(ctrlC);
  await sees('── stopped');
  provider.fail();
  type('What is 2+2?\r');
  await sees('── live');
  type('/exit\r');
  await expect(ended).resolves.toBeUndefined();
});

test('clears a half-typed line at Ctrl-C, and leaves only at the second on an empty one', async () => {
  const { provider, type, ended, sees } = await terminal();
  await sees('you › ');
  type('not to be sent');
  type(ctrlC);
  type(ctrlC);
  await sees('once more, or Ctrl-D');
  type(ctrlC);
  await ended;
  expect(provider.calls).toEqual([]);
});

test('sends a block between two """ as one message', async () => {
  const { provider, type, ended, sees } = await terminal();
  type('"""first\rsecond"""\r');
  await sees('── live');
  type('/exit\r');
  await ended;
  expect(JSON.stringify(provider.calls[0]!.body)).toContain('first\\nsecond');
});

test('remembers the session’s earlier turns, until /new', async () => {
  const { provider, type, ended, sees } = await terminal();
  type('my name is Ada\r');
  await sees('── live');
  type('and what is my name?\r');
  type('/new\r');
  await sees('A new session.');
  type('who am I?\r');
  type('/exit\r');
  await ended;
  const sent = provider.calls.map(({ body }) => JSON.stringify(body).includes('my name is Ada'));
  expect(sent).toEqual([true, true, false]);
});

test('shows what was measured at /stats, and names unknown commands', async () => {
  const { type, ended, sees } = await terminal();
  type('/stats\r');
  await sees('breaker: closed');
  type('/nonsense\r');
  await sees('There is no /nonsense. /help lists the commands.');
  type('/exit\r');
  await expect(ended).resolves.toBeUndefined();
});

test('keeps facts for all sessions, lists and forgets them', async () => {
  const { provider, type, ended, sees, shown } = await terminal();
  type('/remember Ada is allergic to nuts\r');
  await sees('Kept, as ');
  const id = /Kept, as (\w+)/.exec(shown())![1]!;
  type('what can I eat?\r');
  await sees('── live');
  type('/facts\r');
  await sees(`${id} Ada is allergic to nuts`);
  type(`/forget ${id}\r`);
  await sees('Forgotten: Ada is allergic to nuts');
  type('/facts\r');
  await sees('Nothing is kept yet.');
  type('/exit\r');
  await expect(ended).resolves.toBeUndefined();
  expect(JSON.stringify(provider.calls[0]!.body)).toContain('Ada is allergic to nuts');
});

test('lists the sessions, and goes on with an earlier one', async () => {
  const { provider, type, ended, sees } = await terminal();
  type('my name is Ada\r');
  await sees('── live');
  type('/session second\r');
  await sees('This is session second.');
  type('/sessions\r');
  await sees('first  1 turn, ');
  type('/session first\r');
  type('who am I?\r');
  type('/exit\r');
  await expect(ended).resolves.toBeUndefined();
  expect(JSON.stringify(provider.calls[1]!.body)).toContain('my name is Ada');
});

test('says what it waits for while the provider is asked again', async () => {
  const { provider, shown, type, ended, sees } = await terminal();
  provider.script(['429, retry-after-ms=20', undefined]);
  type('hello\r');
  await sees('2 attempts');
  expect(shown()).toContain('… asking m again in 20 ms');
  type('/stats\r');
  await sees('All is well.');
  type(ctrlD);
  await ended;
});
