use std::io::{Read, Write};
use std::sync::atomic::{AtomicU32, Ordering};

static RUNS: AtomicU32 = AtomicU32::new(0);

/// The text of a field, as far as it has no escapes.
fn field<'a>(input: &'a str, name: &str) -> Option<&'a str> {
    let quoted = format!("\"{name}\":\"");
    let start = input.find(&quoted)? + quoted.len();
    input[start..].split('"').next()
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or("-".into())
}

fn main() {
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).unwrap();
    let runs = RUNS.fetch_add(1, Ordering::Relaxed) + 1;
    let what = field(&input, "do").unwrap_or("greet");
    match what {
        "echo" => return std::io::stdout().write_all(input.as_bytes()).unwrap(),
        "exit" => std::process::exit(3),
        "panic" => panic!("it broke"),
        "loop" => loop {
            std::hint::black_box(runs);
        },
        "flood" => loop {
            println!("more");
        },
        "silent" => return,
        "noise" => eprintln!("to stderr"),
        "fill" => {
            std::hint::black_box(vec![1u8; 4 << 20]);
        }
        "hog" => {
            let mut all = Vec::new();
            loop {
                all.push(std::hint::black_box(vec![1u8; 1 << 20]));
            }
        }
        _ => {}
    }
    println!(
        "{{\"greetings\":\"Hello, {}\",\"id\":\"{}\",\"setting\":\"{}\",\"runs\":{runs}}}",
        field(&input, "name").unwrap_or(""),
        variable("__OW_ACTIVATION_ID"),
        variable("SETTING"),
    );
    if what == "done" {
        std::process::exit(0)
    }
}
