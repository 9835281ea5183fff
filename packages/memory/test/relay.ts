import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A line to a server that can be cut, stopped and mended. */
export interface Relay {
  port: number;
  /** Lines that are open. */
  readonly open: number;
  /**
   * - `pass`: as if it weren't there.
   * - `refuse`: new lines are cut at once.
   * - `stall`: nothing goes through, in either direction.
   * - `mute`: what is asked goes through, the line is cut instead of the answer.
   */
  mode: 'pass' | 'refuse' | 'stall' | 'mute';
  /** Cuts all lines. */
  cut(): void;
  end(): Promise<void>;
}

export async function startRelay(host: string, port: number): Promise<Relay> {
  const lines = new Set<Socket>();
  const server = createServer((near) => {
    if (relay.mode === 'refuse') return void near.destroy();
    const far = connect(port, host);
    lines.add(near);
    const cut = () => {
      lines.delete(near);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) socket.on('error', cut).on('close', cut);
    near.on('data', (data) => {
      if (relay.mode !== 'stall') far.write(data);
    });
    far.on('data', (data) => {
      if (relay.mode === 'pass') near.write(data);
      if (relay.mode === 'mute') cut();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const relay: Relay = {
    port: (server.address() as AddressInfo).port,
    get open() {
      return lines.size;
    },
    mode: 'pass',
    cut() {
      for (const line of lines) line.destroy();
    },
    async end() {
      relay.cut();
      server.close();
      await once(server, 'close');
    },
  };
  return relay;
}
