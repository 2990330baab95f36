use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::io::Read;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

fn word(ok: bool, otherwise: &str) -> &str {
    if ok {
        "ok"
    } else {
        otherwise
    }
}

fn report() {
    let greeting = std::env::var("GREETING").unwrap_or_else(|_| "-".into());
    println!("env: {} {greeting}", std::env::vars().count());

    let start = Instant::now();
    sleep(Duration::from_millis(5));
    println!("sleep: {}", word(start.elapsed() >= Duration::from_millis(5), "too short"));
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    println!("time: {}", word(now.as_secs() > 1_700_000_000, "wrong"));

    // The standard library draws two random keys for the first map, and counts from there.
    let draw = || RandomState::new().build_hasher().finish();
    println!("random: {}", word(draw() != draw(), "wrong"));

    let mut text = String::new();
    println!("stdin: {}", std::io::stdin().read_to_string(&mut text).unwrap());
    println!("file: {}", if std::fs::read("/etc/passwd").is_err() { "refused" } else { "opened" });
    eprintln!("to stderr");
}

#[no_mangle]
pub extern "C" fn probe(mode: i32) -> i32 {
    match mode {
        0 => report(),
        1 => panic!("it broke"),
        2 => std::process::exit(7),
        3 => sleep(Duration::from_secs(3600)),
        4 => std::process::exit(0),
        5 => loop {
            println!("and on and on");
        },
        _ => return mode,
    }
    0
}

// Compiled as a library for a reactor, where nobody calls it.
#[allow(dead_code)]
fn main() {
    let modes = ["report", "panic", "exit", "sleep", "done", "flood"];
    if let Ok(wanted) = std::env::var("MODE") {
        if let Some(mode) = modes.iter().position(|mode| *mode == wanted) {
            std::process::exit(probe(mode as i32));
        }
    }
}
