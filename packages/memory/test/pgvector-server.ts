import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/**
 * Postgres with pgvector, which few servers have: compiled to WebAssembly, on a port of its own. It
 * is one session, so one connection at a time.
 */
export async function startPgvector(): Promise<{ connectionString: string; end(): Promise<void> }> {
  const db = await PGlite.create({ extensions: { vector } });
  // Not on the search path: so it may stand anywhere.
  await db.exec('CREATE SCHEMA elsewhere; CREATE EXTENSION vector SCHEMA elsewhere');
  const server = createServer((socket) => void serve(db, socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    connectionString: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async end() {
      server.close();
      await once(server, 'close');
      await db.close();
    },
  };
}

/** Messages of the wire protocol: a type, a length, and the rest; the first one has no type. */
async function serve(db: PGlite, socket: Socket): Promise<void> {
  let received = Buffer.alloc(0);
  let typeBytes = 0;
  for await (const chunk of socket) {
    received = Buffer.concat([received, chunk as Buffer]);
    while (received.length >= typeBytes + 4) {
      const size = typeBytes + received.readUInt32BE(typeBytes);
      if (received.length < size) break;
      const message = received.subarray(0, size);
      received = received.subarray(size);
      if (typeBytes === 1 && String.fromCharCode(message[0]!) === 'X') return;
      typeBytes = 1;
      socket.write(await db.execProtocolRaw(message));
    }
  }
}
