/** What is filled in of a Pod and not of a template: SetDefaults_Pod of pkg/apis/core/v1/defaults.go. */
import { defaultPodSpec } from '../pod-template/defaults.js';
import { mapSame, over } from '../pod-template/fill.js';
import type { Container, ResourceRequirements } from '../pod-template/types.js';
import type { Pod } from './types.js';

export function defaultPod(pod: Pod): Pod {
  let spec = defaultPodSpec(pod.spec);
  spec = over(spec, 'containers', (containers) => mapSame(containers, requestLimits));
  spec = over(spec, 'initContainers', (containers) => mapSame(containers, requestLimits));
  if (spec.enableServiceLinks === undefined || spec.enableServiceLinks === null) spec = { ...spec, enableServiceLinks: true };
  if (spec.hostNetwork === true) {
    spec = over(spec, 'containers', (containers) => mapSame(containers, openHostPorts));
    spec = over(spec, 'initContainers', (containers) => mapSame(containers, openHostPorts));
  }
  // Of pods only: Convert_v1_Pod_To_core_Pod.
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) spec = { ...spec, terminationGracePeriodSeconds: 1 };
  return spec === pod.spec ? pod : { ...pod, spec };
}

/** What is limited but not requested is requested as much. */
const requestLimits = (container: Container): Container =>
  over(container, 'resources', (resources: ResourceRequirements): ResourceRequirements => {
    const { limits, requests } = resources;
    if (!limits) return resources;
    let next: Record<string, string> | undefined;
    for (const name in limits) {
      if (requests?.[name] !== undefined) continue;
      next ??= { ...requests };
      next[name] = limits[name] as string;
    }
    return next === undefined ? resources : { ...resources, requests: next };
  });

/** On the host's network a container's port is the host's. */
const openHostPorts = (container: Container): Container =>
  over(container, 'ports', (ports) => mapSame(ports, (port) => (port.hostPort ? port : { ...port, hostPort: port.containerPort })));
