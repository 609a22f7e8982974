/** An `ipBlock` of a NetworkPolicy. */
export interface Block {
  readonly cidr: string;
  readonly except?: readonly string[];
}
