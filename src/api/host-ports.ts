/** Ports of the node that pods take: pkg/scheduler/util GetHostPorts, framework HostPortInfo. */

export interface HostPort {
  /** `0.0.0.0`: all of the node's addresses. */
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

/** As much of a pod as this takes. */
interface PortUser {
  readonly restartPolicy?: string;
  readonly ports?: readonly { readonly hostPort?: number; readonly hostIP?: string; readonly protocol?: string }[];
}
interface PodLike {
  readonly spec: { readonly containers: readonly PortUser[]; readonly initContainers?: readonly PortUser[] };
}

export const ANY_ADDRESS = '0.0.0.0';
const NONE: readonly HostPort[] = [];

/** Of regular containers and sidecars. */
export function hostPortsOf({ spec: { containers, initContainers } }: PodLike): readonly HostPort[] {
  let found: HostPort[] | undefined;
  const collect = (users: readonly PortUser[]) => {
    for (const { ports } of users)
      for (const { hostPort: port = 0, hostIP, protocol = 'TCP' } of ports ?? [])
        if (port > 0) {
          found ??= [];
          found.push({ ip: hostIP || ANY_ADDRESS, protocol, port });
        }
  };
  collect(containers);
  if (initContainers !== undefined) collect(initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always'));
  return found ?? NONE;
}

/** Whether both cannot be had on one node. */
export const portsCollide = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === ANY_ADDRESS || b.ip === ANY_ADDRESS);
