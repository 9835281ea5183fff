import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const run = (...args: string[]) => {
  const child = spawn(process.execPath, [
    fileURLToPath(new URL('main.ts', import.meta.url)),
    ...args,
  ]);
  let printed = '';
  child.stdout.on('data', (data: Buffer) => (printed += data.toString()));
  child.stderr.on('data', (data: Buffer) => (printed += data.toString()));
  return { child, printed: () => printed };
};

test('--help tells the options, --faults the faults', async () => {
  const [help, list] = [run('--help'), run('--faults')];
  await Promise.all([once(help.child, 'close'), once(list.child, 'close')]);
  expect(help.printed()).toContain('--port');
  expect(list.printed()).toMatch(/^cut +resets the connection/m);
});

test('says what is wrong with its options, and ends', async () => {
  const wrong = [run('--port', 'many'), run('--fault', 'nonsense'), run('--colour')];
  const codes = await Promise.all(wrong.map(({ child }) => once(child, 'close')));
  expect(codes.map(([code]) => code as number)).toEqual([2, 2, 2]);
  expect(wrong.map(({ printed }) => printed())).toEqual([
    expect.stringContaining('Expected `port` to be an integer from 0 to 65535'),
    expect.stringContaining('Unknown fault `nonsense`'),
    expect.stringContaining('--colour'),
  ]);
});

test('listens where it says, and ends when asked to', async () => {
  const { child } = run('--port', '0', '--fault', '503', '--api-key', 'k');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /http\S+/.exec(line.toString())![0];
  const post = (key: string) =>
    fetch(`${url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'a' }] }),
    });
  expect((await post('k')).status).toBe(503);
  expect((await post('x')).status).toBe(401);
  child.kill('SIGTERM');
  expect(await once(child, 'close')).toEqual([0, null]);
});
