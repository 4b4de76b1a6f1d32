//! The measurements as a table.

use crate::contestants::Contestant;

/// Prints one row per contestant: the median time of a call, and the median of the rounds' ratios to its reference.
pub fn print(contestants: &[Contestant], measured: &[(usize, Vec<Vec<f64>>)]) {
    let titles = measured.iter().map(|(concurrency, _)| format!(" {concurrency} at a time | ratio |"));
    println!("| contestant |{}", titles.collect::<String>());
    println!("| --- |{}", " ---: | ---: |".repeat(measured.len()));
    for (index, contestant) in contestants.iter().enumerate() {
        let reference = contestants.iter().position(|other| other.name == contestant.reference);
        let cells = measured.iter().map(|(_, times)| {
            let own = &times[index];
            let ratio = reference.map_or("–".to_owned(), |reference| {
                format!("{:.2}", median(own.iter().zip(&times[reference]).map(|(own, other)| own / other).collect()))
            });
            format!(" {:.1} µs | {ratio} |", median(own.clone()) * 1e6)
        });
        println!("| {} |{}", contestant.name, cells.collect::<String>());
    }
}

/// The median; not a number without rounds.
fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    numbers.get(middle).map_or(f64::NAN, |above| (above + numbers[(numbers.len() - 1) / 2]) / 2.0)
}
