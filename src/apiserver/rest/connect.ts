/** What admission is told of a request to connect: the parameters, as an object (k8s.io/apiserver/pkg/endpoints/handlers/rest.go ConnectResource). */
import type { KubeObject } from '../../api/object.js';
import { resourceId } from '../../api/resource.js';
import type { UserInfo } from '../../api/transport.js';
import { ADMINISTRATOR } from '../authorization/user.js';
import type { Verbs } from '../verbs.js';
import { first, isOn, type Parsed, type Query, type ResourceRequest } from './request-info.js';

export type Connect = (target: ResourceRequest, parsed: Parsed, user: UserInfo, warn: (text: string) => void) => void;

const PREFIX: Readonly<Record<string, string>> = { pods: 'Pod', services: 'Service', nodes: 'Node' };
const KINDS: Readonly<Record<string, string>> = { exec: 'Exec', attach: 'Attach', portforward: 'PortForward', proxy: 'Proxy' };

export const connecting =
  (verbs: Verbs): Connect =>
  ({ group, plural, namespace, name, subresource }, { path, query }, user, warn) => {
    const kind = `${PREFIX[plural] ?? ''}${KINDS[subresource] ?? ''}Options`;
    const object = { kind, apiVersion: 'v1', ...parameters(subresource, path, query) } as unknown as KubeObject;
    const options = { subresource, warn, ...(user === ADMINISTRATOR ? {} : { user }) };
    verbs.clients.connect(resourceId({ group, plural }), { namespace, name }, { group: '', version: 'v1', kind }, object, options);
  };

function parameters(subresource: string, path: string, query: Query): object {
  const flags = (names: readonly string[]) => Object.fromEntries(names.filter((name) => isOn(query, name)).map((name) => [name, true]));
  const container = first(query, 'container');
  const command = query.get('command') ?? [];
  const ports = (query.get('ports') ?? []).map(Number);
  switch (subresource) {
    case 'exec':
    case 'attach':
      return {
        ...flags(['stdin', 'stdout', 'stderr', 'tty']),
        ...(container === '' ? {} : { container }),
        ...(subresource === 'attach' || command.length === 0 ? {} : { command }),
      };
    case 'portforward':
      return ports.length === 0 ? {} : { ports };
    default: {
      const rest = /\/proxy(\/.*)?$/.exec(path)?.[1] ?? '';
      return rest === '' ? {} : { path: rest };
    }
  }
}
