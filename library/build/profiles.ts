/**
 * Writes the load profiles of `library/profiles/` from the committed measurements: two drive cycles of one cell and one day of a home battery.
 * In all of them a row's value holds over the interval that ends at its time, and positive is charge.
 */
import { numbers, readColumns, readSeries, type Series } from './series.ts';

/** A number with at most `places` decimals and no trailing zeros; empty when it was not measured. */
function text(value: number, places: number): string {
  return Number.isNaN(value) ? '' : String(Number(value.toFixed(places)) + 0);
}

function csv(header: string, lines: string[]): string {
  return `${header}\n${lines.join('\n')}\n`;
}

/** The highway cycle at its full 10 Hz: time to 10 ms, current to 1 mA, voltage to 0.1 mV, temperature to 0.1 K. */
function highway(): string {
  const { count, timeS, currentA, voltageV, temperatureDegC } = readSeries('nca_panasonic_ncr18650pf/25C_hwfet');
  const lines: string[] = [];
  for (let k = 0; k < count; k++) {
    if (k > 0 && Number(timeS[k].toFixed(2)) <= Number(timeS[k - 1].toFixed(2)))
      throw new Error(`time ${timeS[k]} s is lost by rounding to 10 ms`);
    lines.push([text(timeS[k], 2), text(currentA[k], 3), text(voltageV[k], 4), text(temperatureDegC[k], 1)].join(','));
  }
  return csv('time_s,current_A,voltage_V,temperature_degC', lines);
}

/** Means over whole seconds up to `endS`: charge and volt-seconds of each second are those of the source. */
function secondMeans(series: Series, endS: number): string {
  const { count, timeS, currentA, voltageV, temperatureDegC } = series;
  const lines = [[0, text(currentA[0], 4), text(voltageV[0], 4), text(temperatureDegC[0], 2)].join(',')];
  let k = 1;
  let fromS = timeS[0];
  for (let second = 1; second <= endS; second++) {
    let chargeC = 0;
    let voltSeconds = 0;
    let measuredS = 0;
    while (fromS < second && k < count) {
      const untilS = Math.min(timeS[k], second);
      chargeC += currentA[k] * (untilS - fromS);
      if (!Number.isNaN(voltageV[k])) {
        voltSeconds += voltageV[k] * (untilS - fromS);
        measuredS += untilS - fromS;
      }
      fromS = untilS;
      if (timeS[k] <= second) k++;
    }
    lines.push(
      [
        second,
        text(chargeC, 4),
        text(measuredS > 0 ? voltSeconds / measuredS : NaN, 4),
        text(temperatureDegC[Math.min(k, count - 1)], 2),
      ].join(','),
    );
  }
  return csv('time_s,current_A,voltage_V,temperature_degC', lines);
}

/** Energy of 16 cells of 280 Ah at 3.2 V. */
const homeEnergyWh = 16 * 280 * 3.2;

/** 19 June, counted from a year that starts on 1 January: the battery goes from 62 % down to 4 %, up to 100 % and back to 52 %. */
const homeDay = 169;

/** Mean power over each 10 min of the chosen day: change of SOC times energy over time. */
function homePower(): string {
  const soc = numbers(readColumns('home_battery_germany/pv_home_battery_germany_soc'), 'soc');
  const stepS = 600;
  const perDay = 86400 / stepS;
  const lines: string[] = [];
  for (let k = 0; k <= perDay; k++) {
    const row = homeDay * perDay + k;
    lines.push(`${k * stepS},${text(((soc[row] - soc[row - 1]) * homeEnergyWh * 3600) / stepS, 1)}`);
  }
  return csv('time_s,power_W', lines);
}

/** One day of the mean German household: watts for 1000 kWh a year, quarter hours, a row's value holds until the next. */
function household(month: number, dayType: string): string {
  const columns = readColumns('bdew_2025_household/H25');
  const months = numbers(columns, 'month');
  const watts = numbers(columns, 'watt_per_1000kWh_per_year');
  const times = numbers(columns, 'time_of_day_s');
  const rows = [...months.keys()].filter((row) => months[row] === month && columns.get('day_type')![row] === dayType);
  const lines = rows.map((row) => `${times[row]},${text(watts[row], 3)}`);
  return csv('time_s,household_W', [...lines, `86400,${text(watts[rows[0]], 3)}`]);
}

/** Assumed, not measured: 1 kWp on a cloudless day, a parabola from sunrise to sunset; the mean of each quarter hour. */
function clearSky(sunriseS: number, sunsetS: number, peakW: number): string {
  const half = (sunsetS - sunriseS) / 2;
  const noon = (sunriseS + sunsetS) / 2;
  const energy = (timeS: number) => {
    const x = Math.min(Math.max((timeS - noon) / half, -1), 1);
    return peakW * half * (x - (x * x * x) / 3);
  };
  const lines = Array.from({ length: 97 }, (_, k) => `${k * 900},${text((energy(k * 900 + 900) - energy(k * 900)) / 900, 1)}`);
  return csv('time_s,solar_W', lines);
}

/** Speed of a drive cycle; linear between its rows. */
function speed(name: string): string {
  const columns = readColumns(`drive_cycles/${name}`);
  const speeds = numbers(columns, 'speed_mps');
  return csv(
    'time_s,speed_mps',
    [...numbers(columns, 'time_s')].map((timeS, row) => `${timeS},${text(speeds[row], 4)}`),
  );
}

/** File name and text of each profile. */
export const profiles: { file: string; build: () => string }[] = [
  { file: 'nca_hwfet_25C.csv', build: highway },
  { file: 'drive_cycle1_25C.csv', build: () => secondMeans(readSeries('nca_panasonic_ncr18650pf/25C_cycle1'), 3000) },
  { file: 'home_day_power.csv', build: homePower },
  { file: 'household_june_workday.csv', build: () => household(6, 'workday') },
  { file: 'household_december_workday.csv', build: () => household(12, 'workday') },
  { file: 'solar_clear_june.csv', build: () => clearSky(4.5 * 3600, 20.5 * 3600, 780) },
  { file: 'solar_clear_december.csv', build: () => clearSky(8.25 * 3600, 16.25 * 3600, 450) },
  ...['hwfet', 'udds', 'us06', 'wltc_3b'].map((name) => ({ file: `drive_${name}.csv`, build: () => speed(name) })),
];
