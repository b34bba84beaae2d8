/** The manifests of test/golden/defaulting, as seeds for random damage. */
import { readdirSync, readFileSync } from 'node:fs';
import type { KubeObject } from '../../src/api/object.js';
import { apiVersionOf, type ResourceNames } from '../../src/api/resource.js';
import { resources } from '../../src/resources/index.js';
import { parseYaml } from '../../src/text/yaml.js';

const folder = new URL('../golden/defaulting/', import.meta.url);

export interface Manifest {
  /** Its file's. */
  readonly name: string;
  readonly object: KubeObject;
  readonly names: ResourceNames;
}

/** Those of kinds that podsim has. */
export const manifests = (): readonly Manifest[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.in.yaml'))
    .flatMap((name) => {
      const parsed = parseYaml(readFileSync(new URL(name, folder), 'utf8'));
      const object = ('value' in parsed ? parsed.value : undefined) as KubeObject;
      const resource = resources.find(({ names }) => names.kind === object.kind && apiVersionOf(names) === object.apiVersion);
      return resource === undefined ? [] : [{ name, object, names: resource.names }];
    });
