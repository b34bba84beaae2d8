/**
 * The package's data files, read by name when asked for: what images do (fixtures/images/), what a cluster starts with
 * (fixtures/cluster/), what there is to practise (fixtures/scenarios/).
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { KubeObject } from '../api/object.js';
import { packageRoot } from './assets.js';

/** A repository's path below fixtures/images: no way out of there. */
const NAME = /^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;

export interface Fixtures {
  /** What is known of a repository as people write it (`nginx`, `registry.k8s.io/pause`); undefined: nothing. */
  image(repository: string): unknown;
  /** Objects every cluster has from the start: `api-server` (priority classes, flow control, API services), `rbac`. */
  objects(name: 'api-server' | 'rbac'): readonly KubeObject[];
  /** The names of the scenarios, sorted. */
  scenarios(): readonly string[];
  /** What a scenario's file holds; undefined: there is none of that name. */
  scenario(id: string): unknown;
}

/** Each file is read once. */
export function createFixtures(root = packageRoot()): Fixtures {
  const images = new Map<string, unknown>();
  return {
    image: (repository) => {
      if (!images.has(repository)) images.set(repository, NAME.test(repository) ? (readImage(root, repository) ?? mirrored(root, repository)) : undefined);
      return images.get(repository);
    },
    objects: (name) => JSON.parse(readFileSync(join(root, 'fixtures/cluster', `${name}.json`), 'utf8')) as readonly KubeObject[],
    scenarios: () =>
      readdirSync(join(root, 'fixtures/scenarios'))
        .filter((name) => name.endsWith('.yaml'))
        .map((name) => name.slice(0, -'.yaml'.length))
        .sort(),
    scenario: (id) => {
      const file = join(root, 'fixtures/scenarios', `${id}.yaml`);
      return NAME.test(id) && existsSync(file) ? load(readFileSync(file, 'utf8'), { filename: file }) : undefined;
    },
  };
}

/** What is held under another name too: the frozen registries of Kubernetes, mirrors of Docker's official images, a base image's releases. */
const MIRRORS: readonly (readonly [RegExp, string])[] = [
  [/^(k8s\.gcr\.io|gcr\.io\/google[-_]containers)\//, 'registry.k8s.io/'],
  [/^gcr\.io\/kubernetes-e2e-test-images\/dnsutils$/, 'registry.k8s.io/e2e-test-images/jessie-dnsutils'],
  [/^gcr\.io\/kubernetes-e2e-test-images\//, 'registry.k8s.io/e2e-test-images/'],
  [/^(mirror\.gcr\.io|public\.ecr\.aws\/docker)\/library\//, ''],
  [/^(gcr\.io\/distroless\/(?:static|base))-debian1\d$/, '$1'],
  [/^gcr\.io\/distroless\/nodejs\d+-debian1\d$/, 'gcr.io/distroless/nodejs20-debian12'],
  [/^containous\/whoami$/, 'traefik/whoami'],
  [/^registry\.istio\.io\/release\//, 'istio/'],
  [/^(alpine|bitnamilegacy|bitnamisecure)\/kubectl$/, 'bitnami/kubectl'],
  [/^argoproj\/argocd$/, 'quay.io/argoproj/argocd'],
];

function mirrored(root: string, repository: string): unknown {
  const mirror = MIRRORS.find(([pattern]) => pattern.test(repository));
  return mirror === undefined ? undefined : readImage(root, repository.replace(...mirror));
}

function readImage(root: string, repository: string): unknown {
  const json = join(root, 'fixtures/images', `${repository}.json`);
  if (existsSync(json)) return JSON.parse(readFileSync(json, 'utf8'));
  const file = join(root, 'fixtures/images', `${repository}.yaml`);
  if (!existsSync(file)) return undefined;
  // Our own data files; manifests go through text/yaml.ts, which has kubectl's YAML and its errors.
  return load(readFileSync(file, 'utf8'), { filename: file });
}
