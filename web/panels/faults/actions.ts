/**
 * What can be done with a fault: into the design, out of it, struck and repaired by hand in the live run.
 * Separate from the panels because the card of a part and the list do the same.
 */
import type { FaultName } from '../../../domain/faults/titles.ts';
import type { Scenario } from '../../../domain/scenario/schema.ts';
import { InputError } from '../../../domain/errors.ts';
import type { Json } from '../../../domain/scenario/json.ts';
import type { JsonObject } from '../../document.ts';
import { edit } from '../../history.ts';
import { breaks, listAt, repairs } from '../../live.ts';
import { checkScenario } from '../../scenarioReader.ts';
import { FAULT_WORDS } from '../../words/faults.ts';
import type { Design } from '../../design.svelte.ts';
import type { Workbench } from '../../workbench.svelte.ts';
import { faultText, newFault } from './catalogue.ts';

const words = FAULT_WORDS.faults;

/** The design as the engine takes it; undefined while it is wrong. */
export function scenarioOf(document: Json): Scenario | undefined {
  try {
    return checkScenario(document);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

export function addFault(design: Design, fault: JsonObject): void {
  const { document, scenarioId } = design;
  const after = edit(document, 'faults', [...listAt(document, 'faults'), fault]).document;
  design.replace(after, scenarioId, words.added(faultText(fault)));
}

/** Takes a fault out of the design; commands that repair others keep meaning those. */
export function removeFault(design: Design, index: number): void {
  const { document, scenarioId } = design;
  const faults = listAt(document, 'faults');
  const commands = listAt(document, 'commands').flatMap((command) => {
    const repaired = command['do'] === 'repair' ? Number(command['fault']) : -1;
    if (repaired === index) return [];
    return [repaired > index ? { ...command, fault: repaired - 1 } : command];
  });
  const left = edit(
    document,
    'faults',
    faults.filter((_, other) => other !== index),
  ).document;
  const after = listAt(document, 'commands').length === 0 ? left : edit(left, 'commands', commands).document;
  design.replace(after, scenarioId, words.removed(faultText(faults[index]!)));
}

export function strikeNow(workbench: Workbench, { when: _, ...fault }: JsonObject): Promise<void> {
  return workbench.act(words.struck(faultText(fault)), breaks(fault));
}

export function repairNow(workbench: Workbench, fault: JsonObject): Promise<void> {
  return workbench.act(words.repaired(faultText(fault)), repairs(fault));
}

/** Takes a fault of the catalogue into the form, for the target that was meant. */
export function draft({ design, desk }: Workbench, name: FaultName, target?: Json): void {
  desk.draft = newFault(name, scenarioOf(design.document), target);
  desk.chosenFault = undefined;
  desk.showSide('faults');
}

export type FaultState = 'acts' | 'waits' | 'over';

/** What a fault of the design does in the run that is shown; undefined where that run does not have it. */
export function stateOf(workbench: Workbench, fault: JsonObject): FaultState | undefined {
  const index = listAt(workbench.runDocument, 'faults').findIndex((each) => JSON.stringify(each) === JSON.stringify(fault));
  if (index < 0 || workbench.plan === undefined) return undefined;
  const last = workbench.events.findLast((event) => event.code === 'fault' && event.index === index);
  if (last === undefined) return 'waits';
  return last.active ? 'acts' : 'over';
}
