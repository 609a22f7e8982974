import { columnsOf } from '../forms/vpc-fields';

/** Is this one of the columns of a flow log that are read? */
export const isHeaderName = (name: string): boolean =>
  Object.values(columnsOf([name]).at).includes(0);
