/** Runs the plugins in order; the first refusal ends it (k8s.io/apiserver/pkg/admission chain.go). */
import type { KubeObject } from '../../api/object.js';
import type { ResourceId } from '../../api/verbs.js';
import type { AdmissionContext, AdmissionPlugin, Attributes, Operation } from './plugin.js';

export class AdmissionChain {
  /** operation → resource → the plugins that care, sorted out once. */
  private readonly concerned = new Map<Operation, Map<ResourceId, readonly AdmissionPlugin[]>>();

  constructor(
    private readonly plugins: readonly AdmissionPlugin[],
    private readonly context: () => AdmissionContext,
  ) {}

  /** The mutating phase. `isRecord`: only plugins that ask for records are heard. */
  admit<T extends KubeObject>(object: T, old: T | undefined, attributes: Attributes, isRecord: boolean): T {
    let next = object;
    for (const plugin of this.of(attributes.operation, attributes.id)) {
      if (plugin.admit === undefined || (isRecord && plugin.records !== true)) continue;
      next = plugin.admit(next, old, attributes, this.context());
    }
    return next;
  }

  validate(object: KubeObject | undefined, old: KubeObject | undefined, attributes: Attributes): void {
    for (const plugin of this.of(attributes.operation, attributes.id)) plugin.validate?.(object, old, attributes, this.context());
  }

  private of(operation: Operation, id: ResourceId): readonly AdmissionPlugin[] {
    const byResource = this.concerned.get(operation) ?? new Map<ResourceId, readonly AdmissionPlugin[]>();
    let plugins = byResource.get(id);
    if (plugins === undefined) {
      plugins = this.plugins.filter((plugin) => plugin.operations.includes(operation) && (plugin.resources === undefined || plugin.resources.includes(id)));
      this.concerned.set(operation, byResource.set(id, plugins));
    }
    return plugins;
  }
}
