/** `podsim why` without a name: everything in the namespace that is not well, and the nodes, a line each. */
import Table from 'cli-table3';
import { controllerOf, type KubeObject } from '../../api/object.js';
import type { Factory } from '../../kubectl/command.js';
import type { PersistentVolume } from '../../resources/persistentvolumes/types.js';
import type { Language } from '../language.js';
import { PLAIN_TABLE } from '../table.js';
import { type Diagnosis, listToJson } from './diagnosis.js';
import { EVERYTHING, type Explained, explained } from './kinds.js';
import { readWorld, type World, type WorldOptions } from './world.js';

const WELL: Readonly<Record<Language, (objects: number, namespace: string) => string>> = {
  en: (objects, namespace) => `All is well in namespace ${namespace} (${objects} objects looked at, nodes included).`,
  ko: (objects, namespace) => `${namespace} 네임스페이스에는 문제가 없습니다(노드를 포함해 오브젝트 ${objects}개 확인).`,
};
const MORE: Readonly<Record<Language, string>> = { en: 'For the evidence and what to do:', ko: '근거와 해결 방법 보기:' };

/** Kinds that are explained and their objects here; what another object owns is explained with that. */
function candidates(world: World, namespace: string): readonly (readonly [Explained, KubeObject])[] {
  return explained.flatMap((kind) => {
    const all = world.list(kind.resource) ?? [];
    const here = all.filter((one) => isHere(kind.resource, one, namespace));
    return here.filter((one) => !isExplainedBy(controllerOf(one)?.kind)).map((one) => [kind, one] as const);
  });
}

/** Of what lies in no namespace: all nodes, the namespace itself, volumes of its claims. */
function isHere(resource: string, object: KubeObject, namespace: string): boolean {
  if (resource === 'nodes') return true;
  if (resource === 'namespaces') return object.metadata.name === namespace;
  if (resource === 'persistentvolumes') return (object as PersistentVolume).spec.claimRef?.namespace === namespace;
  return object.metadata.namespace === namespace;
}

const OWNERS: readonly string[] = ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'];
const isExplainedBy = (kind: string | undefined): boolean => kind !== undefined && OWNERS.includes(kind);

/** The text, or the JSON, of what is not well. */
export async function survey(factory: Factory, given: WorldOptions, language: Language, isJson: boolean): Promise<string> {
  const { namespace } = factory;
  const resources = [...new Set([...EVERYTHING, ...explained.flatMap((one) => [one.resource, ...(one.reads ?? [])])])];
  const world = await readWorld(factory.client, resources, namespace, given, (known) =>
    candidates(known, namespace).flatMap(([kind, object]) => kind.logsOf(known, object)),
  );
  const all = candidates(world, namespace);
  const unwell = all.map(([kind, object]) => kind.diagnose(world, object, language)).filter((one) => !one.healthy);
  if (isJson) return listToJson(unwell, language);
  if (unwell.length === 0) return `${WELL[language](all.length, namespace)}\n`;
  const table = new Table({ ...PLAIN_TABLE, head: ['OBJECT', 'STATUS', 'CAUSE'] });
  for (const one of unwell) table.push([nameOf(one), one.status, causesOf(one)]);
  const first = unwell[0] as Diagnosis;
  const place = first.namespace === '' || first.namespace === given.current ? '' : ` -n ${first.namespace}`;
  return `${table.toString().replace(/ +$/gm, '')}\n\n${MORE[language]} podsim why ${nameOf(first)}${place}${given.flags}\n`;
}

const nameOf = ({ kind, name }: Diagnosis): string => `${kind.toLowerCase()}/${name}`;

const causesOf = ({ causes }: Diagnosis): string => [...new Set(causes.filter((one) => !one.isFine).map((one) => one.id))].join(', ');
