/** What a case is called while it is dragged from the queue. */
export const caseDrag = 'application/x-wangge-case';
