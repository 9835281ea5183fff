import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { startProvider } from '@kortana/provider';
import { expect, onTestFinished, test } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Runs the program as a user's shell does, with `input` piped in. */
async function kortana(args: string[], input: string | null, env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--conditions=@kortana/source', main, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: [input === null ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.stdin?.end(input);
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    closed,
  ]);
  return { stdout, stderr, code };
}

const receipts = (stderr: string) =>
  stderr
    .split('\n')
    .filter((line) => line.startsWith('── '))
    .map((line) => line.slice(3).split(' · ')[0]);

test('answers every piped line on stdout, the repeated one from the cache', async () => {
  const { stdout, stderr, code } = await kortana([], 'What is 2+2?\nWhat is 2+2?\n');
  const [first, second, ...rest] = stdout.trim().split('\n');
  expect(first).toContain('4');
  expect(second).toBe(first);
  expect(rest).toEqual([]);
  expect(receipts(stderr)).toEqual(['live', 'cache']);
  expect(code).toBe(0);
});

test('says that the offline model is no language model, and what to set', async () => {
  const { stderr } = await kortana([], 'hello\n');
  expect(stderr).toMatch(/not a language model.*OPENAI_API_KEY.*OPENAI_BASE_URL/);
});

test('writes no colour and no prompt where nobody watches', async () => {
  const { stdout, stderr } = await kortana([], 'hello\n');
  expect(stdout + stderr).not.toContain('\x1b');
  expect(stdout + stderr).not.toContain('›');
});

test('explains itself and ends when the input is closed', async () => {
  const { stdout, stderr, code } = await kortana([], null);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/Nothing was asked.*pipe one question per line/);
  expect(code).toBe(0);
});

test('takes piped text as part of the question that the command line asks', async () => {
  await using provider = await startProvider();
  const { code } = await kortana(['sum up'], 'some notes\n', { OPENAI_BASE_URL: provider.url });
  expect(code).toBe(0);
  expect(provider.calls).toHaveLength(1);
  expect(JSON.stringify(provider.calls[0]!.body)).toContain('sum up\\n\\nsome notes');
});

test('asks a server of which only the address is known for the first model it lists', async () => {
  await using provider = await startProvider({ models: ['local-model', 'another'] });
  const { stderr, code } = await kortana([], 'hello\n', { OPENAI_BASE_URL: provider.url });
  expect(stderr).toContain(`Talking to local-model at ${new URL(provider.url).host}`);
  expect(code).toBe(0);
});

test('tells in words why there is no answer, and exits with 1', async () => {
  await using provider = await startProvider();
  const address = provider.url;
  await provider.close();
  const { stdout, stderr, code } = await kortana(['--model', 'm', 'hello'], '', {
    OPENAI_BASE_URL: address,
  });
  expect(stdout).toBe('');
  expect(stderr).toContain('── no answer: ');
  expect(code).toBe(1);
}, 60_000);

test.each([
  [['--nonsense'], 2, 'kortana: Unknown option'],
  [['--persona', 'nobody', 'hello'], 2, 'Expected `--persona` to be one of presence, fire'],
  [['--session', '', 'hello'], 2, 'Expected `--session` to be a name'],
  [['--base-url', 'localhost:11434', 'hello'], 2, 'Expected `baseURL` to be an http(s) URL'],
])('refuses %j as wrong usage', async (args, expected, words) => {
  const { stderr, code } = await kortana(args, '');
  expect(stderr).toContain(words);
  expect(code).toBe(expected);
});

test('takes a blank key for none', async () => {
  const { stderr, code } = await kortana(['hello'], '', { OPENAI_API_KEY: ' ' });
  expect(stderr).toContain('not a language model');
  expect(code).toBe(0);
});

test('keeps what was said where nobody else can read it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kortana-demo-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await kortana(['--session', 'ours', 'hello'], '', { XDG_DATA_HOME: folder });
  const { mode } = await stat(join(folder, 'kortana'));
  expect(mode & 0o077).toBe(0);
});

test('goes on with the last session after a restart, from one file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kortana-demo-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const env = { KORTANA_MEMORY: join(folder, 'memory.db') };
  await kortana(['--session', 'ours'], 'my name is Ada\n', env);
  const { stdout } = await kortana(['--continue', 'What did I say first?'], '', env);
  expect(stdout).toContain('my name is Ada');
});

test('answers all the same, and says so, when it cannot remember', async () => {
  const env = { KORTANA_MEMORY: '/dev/null/memory.db' };
  const { stdout, stderr, code } = await kortana(['-s', 'ours', 'What is 2+2?'], '', env);
  expect(stdout).toContain('4');
  expect(stderr).toContain('Nothing will be remembered in /dev/null/memory.db');
  expect(stderr).toMatch(/── live.*without: memory\./);
  expect(code).toBe(0);
});

test('prints its help to stdout, where it can be piped', async () => {
  const { stdout, code } = await kortana(['--help'], null);
  expect(stdout).toContain('Usage');
  expect(code).toBe(0);
});
