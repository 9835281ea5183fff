#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { faults } from './faults/index.ts';
import { startProvider } from './start-provider.ts';

const help = `kortana-provider: an OpenAI-compatible server that fails on demand

  --port <n>       port to listen on (default 4010; 0: any free one)
  --host <name>    address to listen on (default 127.0.0.1)
  --api-key <key>  refuse requests without this key
  --fault <text>   a fault for every call, for example '503, rate=0.3'
  --faults         list the faults
  --help           this text

A request can ask for a fault itself: end the model's name with fault:503, or put
[[fault: cut, after=3]] into the message. Live control: GET, POST, DELETE /control.`;

function readOptions() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4010' },
      host: { type: 'string', default: '127.0.0.1' },
      'api-key': { type: 'string' },
      fault: { type: 'string' },
      faults: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  return values;
}

async function main(): Promise<void> {
  const {
    help: asksHelp,
    faults: asksFaults,
    port,
    host,
    fault,
    'api-key': apiKey,
  } = readOptions();
  if (asksHelp) return console.log(help);
  if (asksFaults) {
    for (const [name, { about }] of Object.entries(faults))
      console.log(`${name.padEnd(20)} ${about}`);
    return;
  }
  const provider = await startProvider({ port: Number(port), host, apiKey, fault });
  console.log(`Listening on ${provider.url}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void provider.close());
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
