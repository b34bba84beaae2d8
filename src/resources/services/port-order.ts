/**
 * In which order the controllers write down the ports of endpoints: by the MD5 of the dump that Go's spew makes of each
 * (pkg/api/v1/endpoints/util.go portsByHash, k8s.io/endpointslice/util portsInOrder). Not the service's order, but always the same.
 */
import { createHash } from 'node:crypto';

interface Port {
  readonly name?: string;
  readonly port?: number | null;
  readonly protocol?: string;
  readonly appProtocol?: string;
}

/** Of an Endpoints subset. */
export const endpointPortsInOrder = <T extends Port>(ports: readonly T[]): readonly T[] =>
  inOrder(
    ports,
    ({ name = '', port, protocol = '', appProtocol = '<nil>' }) =>
      `(v1.EndpointPort){Name:(string)${name} Port:(int32)${port} Protocol:(v1.Protocol)${protocol} AppProtocol:(*string)${appProtocol}}`,
  );

/** Of an EndpointSlice. */
export const slicePortsInOrder = <T extends Port>(ports: readonly T[]): readonly T[] =>
  inOrder(
    ports,
    ({ name = '<nil>', port, protocol = '<nil>', appProtocol = '<nil>' }) =>
      `(v1.EndpointPort){Name:(*string)${name} Protocol:(*v1.Protocol)${protocol} Port:(*int32)${port ?? '<nil>'} AppProtocol:(*string)${appProtocol}}`,
  );

function inOrder<T>(ports: readonly T[], dump: (port: T) => string): readonly T[] {
  if (ports.length < 2) return ports;
  const hashed = ports.map((port) => ({ port, hash: createHash('md5').update(dump(port)).digest('hex') }));
  return hashed.sort((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0)).map(({ port }) => port);
}
