/** How messages name objects: `pod/x`, `deployment.apps/x` (cli-runtime printers name.go), `pods "x"`. */
import { splitGroupVersion } from '../client/rest-mapper.js';
import type { Info } from './builder/index.js';

/** `pod`, `deployment.apps`: the kind in lower case and its group. */
export function kindName(apiVersion: string, kind: string): string {
  const { group } = splitGroupVersion(apiVersion);
  return group === '' ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`;
}

/** `Pod`, `Deployment.apps`: a schema.GroupKind as Go prints it. */
export const groupKind = ({ group, kind }: Pick<Info['mapping'], 'group' | 'kind'>): string => (group === '' ? kind : `${kind}.${group}`);

/** `pods/x`: Info.ObjectName(). */
export const objectName = (info: Info): string => `${info.mapping.resource}/${info.name}`;

/** Info.String(), as errors show it. */
export function describeInfo(info: Info): string {
  const { group, version, resource, kind } = info.mapping;
  const groupVersion = group === '' ? '/v1' : `${group}/${version}`;
  return `Resource: "${groupVersion}, Resource=${resource}", GroupVersionKind: "${groupVersion}, Kind=${kind}"\nName: "${info.name}", Namespace: "${info.namespace}"`;
}
