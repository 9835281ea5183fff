export * from '@kortana/errors';
export * from '@kortana/perf';
export * from '@kortana/async';
export * from '@kortana/validation';
