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

if (values.help) {
  console.log(help);
} else if (values.faults) {
  for (const [name, fault] of Object.entries(faults))
    console.log(`${name.padEnd(20)} ${fault.about}`);
} else {
  const provider = await startProvider({
    port: Number(values.port),
    host: values.host,
    apiKey: values['api-key'],
    fault: values.fault,
  });
  console.log(`Listening on ${provider.url}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void provider.close());
}
