/** Descriptions to the byte, of objects made up to have everything a description can show: recorded from kubectl v1.33. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import { apiVersionOf, type Describer } from '../../src/api/resource.js';
import { parseTime, type Time } from '../../src/api/time.js';
import { describeGeneric } from '../../src/kubectl/describe-generic.js';
import { views } from '../../src/resources/views.js';
import { indentedWriter } from '../../src/text/indented-writer.js';
import { fakeReader } from './fake-cluster.js';

/** The kind's own; kinds without one are described field by field. */
async function describerOf(object: KubeObject): Promise<Describer> {
  const view = views.find(({ names }) => names.kind === object.kind && apiVersionOf(names) === object.apiVersion);
  const file = new URL(`../../src/resources/${view?.names.plural}/describe.ts`, import.meta.url);
  return existsSync(file) ? ((await import(file.href)) as { readonly describe: Describer }).describe : describeGeneric;
}

vi.stubEnv('TZ', 'UTC');
afterAll(() => vi.unstubAllEnvs());
const folder = new URL('../golden/described/', import.meta.url);

describe.each(['pods-and-nodes', 'all-kinds'])('%s', (set) => {
  const at = new URL(`${set}/`, folder);
  const { now, items } = JSON.parse(readFileSync(new URL('objects.json', at), 'utf8')) as { readonly now: string; readonly items: readonly KubeObject[] };
  const files = readdirSync(at).filter((file) => file.endsWith('.txt'));
  const reader = fakeReader(items);
  test.each(files)('%s', async (file) => {
    const object = items.find(({ kind, metadata }) => `${kind}-${metadata.name}.txt` === file) as KubeObject;
    const describer = await describerOf(object);
    const out = indentedWriter();
    await describer(object, reader, out, { showEvents: true, now: parseTime(now) as Time });
    expect(out.text()).toBe(readFileSync(new URL(file, at), 'utf8'));
  });
});
