// Labels are folders: "a/b" stands in "a". Pure.
import type { Label } from '../api/types';

export interface Branch {
  /// The last part of the label.
  name: string;
  label: string;
  /// Pictures here and below.
  count: number;
  branches: Branch[];
}

export function labelTree(labels: Label[]): Branch[] {
  const root: Branch = { name: '', label: '', count: 0, branches: [] };
  const known = new Map<string, Branch>([['', root]]);
  for (const { label, count } of labels) {
    if (!label) continue;
    for (const part of ancestors(label)) branchOf(part, known).count += count;
  }
  return root.branches;
}

/// "a", "a/b", "a/b/c" of "a/b/c".
export function ancestors(label: string): string[] {
  const parts = label.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function branchOf(label: string, known: Map<string, Branch>): Branch {
  const there = known.get(label);
  if (there) return there;
  const cut = label.lastIndexOf('/');
  const branch: Branch = { name: label.slice(cut + 1), label, count: 0, branches: [] };
  branchOf(label.slice(0, Math.max(0, cut)), known).branches.push(branch);
  known.set(label, branch);
  return branch;
}
