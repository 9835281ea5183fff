#!/usr/bin/env node
import { runKortana } from './kortana.ts';

process.exitCode = await runKortana(process.argv.slice(2), process);
