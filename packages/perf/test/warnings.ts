/** Collects what the process is warned of while `work` runs, which is how failed hooks are told. */
export async function warningsDuring(work: () => unknown): Promise<string[]> {
  const warnings: string[] = [];
  const listeners = process.listeners('warning');
  process.removeAllListeners('warning'); // Node's own one prints
  process.on('warning', (warning) => warnings.push(warning.message));
  try {
    await work();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.removeAllListeners('warning');
    for (const listener of listeners) process.on('warning', listener);
  }
  return warnings;
}
