/**
 * A drive cycle as power of the pack: the road-load equation over a speed that is linear between its rows.
 * Computed while compiling; energies over each interval are exact, and no function of the host but + - * / is used.
 *
 * Equation in docs/model.md: road load (27), after Guzzella and Sciarretta, Vehicle Propulsion Systems, 2013, section 2.1.
 */
import type { DriveCycle } from '../domain/scenario/equipment.ts';
import type { Rows } from './profile.ts';

export const GRAVITY_m_per_s2 = 9.80665;
export const AIR_DENSITY_kg_per_m3 = 1.2;

/** Mean power at the wheels from speed `a` to speed `b` in `dt`: inertia, rolling and air. */
function wheelPower(a: number, b: number, dt: number, { mass_kg, dragArea_m2, rollingResistance_ratio }: DriveCycle['vehicle']): number {
  const inertia = (mass_kg * (b * b - a * a)) / (2 * dt);
  const rolling = (rollingResistance_ratio * mass_kg * GRAVITY_m_per_s2 * (a + b)) / 2;
  const cube = ((a + b) * (a * a + b * b)) / 4;
  return inertia + rolling + 0.5 * AIR_DENSITY_kg_per_m3 * dragArea_m2 * cube;
}

/** Equation (27): power of the pack, positive charges. */
function packPower(wheel_W: number, { drivetrainEfficiency_ratio, regeneration_ratio, auxiliary_W }: DriveCycle['vehicle']): number {
  if (wheel_W > 0) return -wheel_W / drivetrainEfficiency_ratio - auxiliary_W;
  return -wheel_W * drivetrainEfficiency_ratio * regeneration_ratio - auxiliary_W;
}

/** Power in steps that hold until the next row; after the last row the vehicle stands. */
export function drivePower({ time_s, value }: Rows, { scale, vehicle }: DriveCycle): Rows {
  const power = value.map((speed, row) => {
    if (row + 1 === value.length) return -vehicle.auxiliary_W;
    return packPower(wheelPower(scale * speed, scale * value[row + 1]!, time_s[row + 1]! - time_s[row]!, vehicle), vehicle);
  });
  return { time_s, value: power };
}
