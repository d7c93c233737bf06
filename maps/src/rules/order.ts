/** What a rule of escalation orders, under the contract's name for it. */
import type { Order } from './types';

// biome-ignore lint/suspicious/noThenProperty: the contract calls it so, and nobody awaits a rule
export const thenDo = (order: Order) => ({ then: order });
