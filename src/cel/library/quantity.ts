/** Kubernetes' quantity.go. */
import { addQuantities, compareQuantities, parseQuantity, type Quantity, subtractQuantities } from '../../api/quantity.js';
import { CelError, QuantityValue, type Value } from '../values.js';
import { type CelFunction, isInt, isText, type Library, ofOne, ofTwo } from './function.js';

const NANO = 1_000_000_000n;

function quantityOf(text: string): QuantityValue {
  const parsed = parseQuantity(text);
  if (typeof parsed === 'string') throw new CelError(parsed);
  return new QuantityValue(parsed);
}

/** undefined: it is no int64. */
function asInt({ nano }: Quantity): bigint | undefined {
  return nano % NANO === 0n && BigInt.asIntN(64, nano / NANO) === nano / NANO ? nano / NANO : undefined;
}

const ofQuantity = (read: (quantity: Quantity) => Value): CelFunction => ofOne(QuantityValue, ({ quantity }) => read(quantity));
const compared = (judge: (sign: number) => Value): CelFunction => ofTwo(QuantityValue, (a, b) => judge(compareQuantities(a.quantity, b.quantity)));
const calculated =
  (calculate: (a: Quantity, b: Quantity) => Quantity): CelFunction =>
  (a, b) => {
    const other: Quantity | undefined = isInt(b) ? { nano: b * NANO, format: 'DecimalExponent' } : b instanceof QuantityValue ? b.quantity : undefined;
    return a instanceof QuantityValue && other !== undefined ? new QuantityValue(calculate(a.quantity, other)) : undefined;
  };

export const quantity: Library = {
  quantity: (text) => (isText(text) ? quantityOf(text) : undefined),
  isQuantity: (text) => (isText(text) ? typeof parseQuantity(text) !== 'string' : undefined),
  isInteger: ofQuantity((value) => asInt(value) !== undefined),
  asInteger: ofQuantity((value) => {
    const int = asInt(value);
    if (int === undefined) throw new CelError('cannot convert value to integer');
    return int;
  }),
  asApproximateFloat: ofQuantity(({ nano }) => Number(nano) / 1e9),
  sign: ofQuantity(({ nano }) => (nano > 0n ? 1n : nano < 0n ? -1n : 0n)),
  isGreaterThan: compared((sign) => sign > 0),
  isLessThan: compared((sign) => sign < 0),
  compareTo: compared((sign) => BigInt(sign)),
  add: calculated(addQuantities),
  sub: calculated(subtractQuantities),
};
