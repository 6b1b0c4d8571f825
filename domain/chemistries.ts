/**
 * What the device assumes of each chemistry: voltage defaults of its settings and absolute limits.
 * The figures are assumptions of this project (marked [A] in docs/model.md) unless a setting says otherwise.
 */

export const CHEMISTRIES = ['LiFe', 'LiPo', 'LiTO'] as const;
export type Chemistry = (typeof CHEMISTRIES)[number];

export interface ChemistryVoltages {
  overChargeProtectionVoltage_V: number;
  overChargeReleaseVoltage_V: number;
  overDischargeProtectionVoltage_V: number;
  overDischargeReleaseVoltage_V: number;
  absoluteOverChargeVoltage_V: number;
  absoluteOverDischargeVoltage_V: number;
  balanceStartVoltage_V: number;
}

export const CHEMISTRY_VOLTAGES: Record<Chemistry, ChemistryVoltages> = {
  LiFe: {
    overChargeProtectionVoltage_V: 3.65,
    overChargeReleaseVoltage_V: 3.55,
    overDischargeProtectionVoltage_V: 2.5,
    overDischargeReleaseVoltage_V: 2.8,
    absoluteOverChargeVoltage_V: 3.8,
    absoluteOverDischargeVoltage_V: 2.0,
    balanceStartVoltage_V: 3.4,
  },
  LiPo: {
    overChargeProtectionVoltage_V: 4.2,
    overChargeReleaseVoltage_V: 4.1,
    overDischargeProtectionVoltage_V: 3.0,
    overDischargeReleaseVoltage_V: 3.3,
    absoluteOverChargeVoltage_V: 4.3,
    absoluteOverDischargeVoltage_V: 2.5,
    balanceStartVoltage_V: 3.8,
  },
  LiTO: {
    overChargeProtectionVoltage_V: 2.75,
    overChargeReleaseVoltage_V: 2.65,
    overDischargeProtectionVoltage_V: 1.8,
    overDischargeReleaseVoltage_V: 2.0,
    absoluteOverChargeVoltage_V: 2.9,
    absoluteOverDischargeVoltage_V: 1.5,
    balanceStartVoltage_V: 2.3,
  },
};
