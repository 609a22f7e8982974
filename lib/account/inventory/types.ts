/** Input of a finder: the lab's name and the VPCs that carry its tag. */
export interface Search {
  readonly lab: string;
  readonly vpcs: readonly string[];
}
