import type KeyvRedis from '@keyv/redis';
import type { Keyv } from 'keyv';
import { expectTypeOf } from 'vitest';
import { AsyncCache } from './async-cache.ts';
import type { Serializer } from './entry.ts';
import type { KeyValueStore } from './key-value-store.ts';

expectTypeOf<Keyv>().toExtend<KeyValueStore>();
expectTypeOf<Keyv<string>>().toExtend<KeyValueStore>();
expectTypeOf<KeyvRedis<string>>().toExtend<KeyValueStore>();
expectTypeOf<Map<string, unknown>>().toExtend<KeyValueStore>();
expectTypeOf<JSON>().toExtend<Serializer<number>>();

const cache = new AsyncCache<string, number>();
expectTypeOf(cache.getOrSet('a', async () => 1)).resolves.toEqualTypeOf<number>();
expectTypeOf(cache.get('a')).resolves.toEqualTypeOf<number | undefined>();
// @ts-expect-error -- a value of another type
void cache.getOrSet('a', async () => 'text');
