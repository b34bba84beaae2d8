/** pkg/registry/storage/csidriver/strategy.go, SetDefaults_CSIDriver. */
import { isSemanticEqual } from '../../api/equality.js';
import type { Strategy } from '../../api/resource.js';
import type { CSIDriver } from './types.js';
import { validate, validateUpdate } from './validation.js';

export const strategy: Strategy<CSIDriver> = {
  defaults: ({ ...driver }) => {
    // MutableCSINodeAllocatableCount is off in 1.33.
    const { nodeAllocatableUpdatePeriodSeconds: _, ...spec } = driver.spec ?? {};
    return {
      ...driver,
      spec: {
        ...spec,
        attachRequired: spec?.attachRequired ?? true,
        podInfoOnMount: spec?.podInfoOnMount ?? false,
        storageCapacity: spec?.storageCapacity ?? false,
        fsGroupPolicy: spec?.fsGroupPolicy ?? 'ReadWriteOnceWithFSType',
        volumeLifecycleModes: spec?.volumeLifecycleModes?.length ? spec.volumeLifecycleModes : ['Persistent'],
        requiresRepublish: spec?.requiresRepublish ?? false,
        seLinuxMount: spec?.seLinuxMount ?? false,
      },
    };
  },
  validate,
  validateUpdate,
  // None at creation: the first change of the spec begins to count.
  prepareForUpdate: (driver, old) =>
    isSemanticEqual(driver.spec, old.spec) ? driver : { ...driver, metadata: { ...driver.metadata, generation: (old.metadata.generation ?? 0) + 1 } },
  hasGeneration: false,
  hasStatus: false,
  allowUnconditionalUpdate: false,
  returnsDeletedObject: true,
};
