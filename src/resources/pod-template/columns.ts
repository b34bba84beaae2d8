/** The wide columns of everything that holds a pod template: layoutContainerCells of pkg/printers/internalversion/printers.go. */
import type { KubeObject } from '../../api/object.js';
import type { Column } from '../../api/resource.js';
import { textColumn } from '../meta/columns.js';
import type { PodTemplateSpec } from './types.js';

/** CONTAINERS and IMAGES of the template; init containers are not shown. `priority` 0 shows them always (PodTemplate). */
export const containerColumns = <T extends KubeObject>(templateOf: (object: T) => PodTemplateSpec | undefined, priority = 1): readonly Column<T>[] => [
  textColumn('Containers', (object) => containersOf(templateOf(object), 'name'), priority),
  textColumn('Images', (object) => containersOf(templateOf(object), 'image'), priority),
];

const containersOf = (template: PodTemplateSpec | undefined, field: 'name' | 'image'): string =>
  (template?.spec?.containers ?? []).map((container) => container[field] ?? '').join(',');
