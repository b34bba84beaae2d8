/** Of lists: Kubernetes' lists.go, and cel-go's ext/sets.go. */
import { CelError, Duration, equals, isList, order, Uint, type Value } from '../values.js';
import { type CelFunction, checked, checkedUint, isInt, type Library } from './function.js';

const extreme =
  (sign: number, name: string): CelFunction =>
  (list) => {
    if (!isList(list)) return undefined;
    if (list.length === 0) throw new CelError(`${name} called on empty list`);
    return list.reduce((best, item) => ((order(item, best) ?? 0) * sign > 0 ? item : best));
  };

function sum(list: readonly Value[]): Value | undefined {
  if (list.every(isInt)) return checked(list.reduce((total, one) => total + one, 0n));
  if (list.every((one) => one instanceof Uint)) return new Uint(checkedUint(list.reduce((total, one) => total + one.value, 0n)));
  if (list.every((one) => one instanceof Duration)) return new Duration(list.reduce((total, one) => total + one.ms, 0));
  return list.every((one) => typeof one === 'number') ? list.reduce((total, one) => total + one, 0) : undefined;
}

const includes = (list: readonly Value[], item: Value): boolean => list.some((one) => equals(one, item));
const areWithin = (some: readonly Value[], list: readonly Value[]): boolean => some.every((one) => includes(list, one));
const ofTwo =
  (judge: (a: readonly Value[], b: readonly Value[]) => boolean): CelFunction =>
  (a, b) =>
    isList(a) && isList(b) ? judge(a, b) : undefined;

export const lists: Library = {
  isSorted: (list) => (isList(list) ? list.every((item, i) => i === 0 || (order(list[i - 1] as Value, item) ?? 1) <= 0) : undefined),
  sum: (list) => (isList(list) ? sum(list) : undefined),
  min: extreme(-1, 'min'),
  max: extreme(1, 'max'),
  indexOf: (list, item) => (isList(list) ? BigInt(list.findIndex((one) => equals(one, item as Value))) : undefined),
  lastIndexOf: (list, item) => (isList(list) ? BigInt(list.findLastIndex((one) => equals(one, item as Value))) : undefined),
  'sets.contains': ofTwo((list, some) => areWithin(some, list)),
  'sets.intersects': ofTwo((a, b) => a.some((one) => includes(b, one))),
  'sets.equivalent': ofTwo((a, b) => areWithin(a, b) && areWithin(b, a)),
};
