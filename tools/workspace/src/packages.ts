import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const workspaceRoot = fileURLToPath(new URL('../../../', import.meta.url));

export interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  exports?: Record<string, unknown>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  nx?: { name?: string; tags?: string[] };
}

export interface WorkspacePackage {
  /** Relative to the workspace, with `/`: `packages/perf`. */
  folder: string;
  manifest: Manifest;
  /** Its floor, from the tag `layer:3`; `Infinity` for tools, which nobody builds on. */
  layer: number;
}

/** Every member of the workspace, read afresh. */
export function workspacePackages(root: string = workspaceRoot): WorkspacePackage[] {
  return globSync('{packages,apps,tools}/*/package.json', { cwd: root })
    .filter((file) => existsSync(join(root, file)))
    .map((file) => {
      const manifest = JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest;
      const tag = manifest.nx?.tags?.find((tag) => tag.startsWith('layer:'))?.slice(6);
      return {
        folder: relative('.', dirname(file)).replaceAll('\\', '/'),
        manifest,
        layer: tag === 'tool' ? Infinity : Number(tag),
      };
    })
    .toSorted((a, b) => a.layer - b.layer);
}
