import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The server in a process of its own: what it does is not counted. Its base URL. */
export async function startProviderProcess(): Promise<string> {
  const main = fileURLToPath(new URL('../../../provider/src/main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill());
  const line = await new Promise<string>((resolve) => {
    child.stdout.once('data', (data: Buffer) => resolve(data.toString()));
  });
  child.stdout.destroy();
  child.unref();
  return /http\S+/.exec(line)![0];
}
