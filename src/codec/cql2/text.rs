//! The text encoding (CQL2, annex B).

use super::literal::{call, instant, interval_end};
use super::tokens::{Token, tokens};
use super::wkt;
use super::{At, Cql2Error, Expression, Instant, MAX_DEPTH, Node};

/// How many arithmetic operators a filter may have: they nest without brackets.
const MAX_ARITHMETIC: usize = 256;

/// What cannot be the bare name of a property; in double quotes it can.
const KEYWORDS: [&str; 11] = [
    "and", "or", "not", "like", "between", "in", "is", "null", "div", "true", "false",
];

/// Reads a whole filter.
///
/// # Errors
/// At the first character that fits no expression.
pub fn read(text: &str) -> Result<Expression, Cql2Error> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        next: 0,
        depth: 0,
        arithmetic: 0,
    };
    let expression = parser.condition()?;
    match parser.peek() {
        Token::End => Ok(expression),
        _ => Err(parser.unexpected("AND, OR or the end")),
    }
}

pub(super) struct Parser {
    tokens: Vec<(Token, At)>,
    next: usize,
    depth: usize,
    arithmetic: usize,
}

impl Parser {
    pub(super) fn peek(&self) -> &Token {
        self.tokens
            .get(self.next)
            .map_or(&Token::End, |(token, _)| token)
    }

    fn peek_second(&self) -> &Token {
        self.tokens
            .get(self.next + 1)
            .map_or(&Token::End, |(token, _)| token)
    }

    pub(super) fn at(&self) -> At {
        let last = self.tokens.len().saturating_sub(1);
        self.tokens
            .get(self.next.min(last))
            .map_or(At::Character(1), |(_, at)| at.clone())
    }

    pub(super) fn advance(&mut self) -> Token {
        let token = self.peek().clone();
        self.next += 1;
        token
    }

    /// Takes a symbol if it is next.
    pub(super) fn take(&mut self, symbol: &str) -> bool {
        let is_next = matches!(self.peek(), Token::Symbol(next) if *next == symbol);
        self.next += usize::from(is_next);
        is_next
    }

    /// Takes a keyword if it is next.
    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let is_next = is_word(self.peek(), word);
        self.next += usize::from(is_next);
        is_next
    }

    pub(super) fn expect(&mut self, symbol: &str) -> Result<(), Cql2Error> {
        if self.take(symbol) {
            Ok(())
        } else {
            Err(self.unexpected(&format!("{symbol:?}")))
        }
    }

    pub(super) fn unexpected(&self, wanted: &str) -> Cql2Error {
        let found = match self.peek() {
            Token::Name(name) => name.clone(),
            Token::Quoted(name) => format!("{name:?}"),
            Token::Text(text) => format!("the text {text:?}"),
            Token::Number(number) => number.to_string(),
            Token::Symbol(symbol) => format!("{symbol:?}"),
            Token::End => "the end".to_owned(),
        };
        self.at().fault(format!("expected {wanted}, found {found}"))
    }

    /// Goes one level deeper.
    pub(super) fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Cql2Error>,
    ) -> Result<T, Cql2Error> {
        if self.depth == MAX_DEPTH {
            return Err(self
                .at()
                .fault(format!("nested more than {MAX_DEPTH} levels deep")));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn condition(&mut self) -> Result<Expression, Cql2Error> {
        self.nested(|parser| parser.chain("or", |parser| parser.chain("and", Self::negation)))
    }

    /// Conditions with one word between them, flat.
    fn chain(
        &mut self,
        word: &str,
        mut read: impl FnMut(&mut Self) -> Result<Expression, Cql2Error>,
    ) -> Result<Expression, Cql2Error> {
        let first = read(self)?;
        if !is_word(self.peek(), word) {
            return Ok(first);
        }
        let at = self.at();
        let mut parts = vec![first];
        while self.take_word(word) {
            parts.push(read(self)?);
        }
        operation(word, parts, at)
    }

    fn negation(&mut self) -> Result<Expression, Cql2Error> {
        let at = self.at();
        if self.take_word("not") {
            let part = self.nested(Self::negation)?;
            return operation("not", vec![part], at);
        }
        self.predicate()
    }

    fn predicate(&mut self) -> Result<Expression, Cql2Error> {
        let left = self.sum()?;
        let at = self.at();
        for comparison in ["=", "<>", "<", ">", "<=", ">="] {
            if self.take(comparison) {
                let right = self.sum()?;
                return operation(comparison, vec![left, right], at);
            }
        }
        if self.take_word("is") {
            let negated = self.take_word("not");
            if !self.take_word("null") {
                return Err(self.unexpected("NULL"));
            }
            return negate_if(negated, operation("isnull", vec![left], at.clone())?, at);
        }
        let negated = is_word(self.peek(), "not") && {
            let word = self.peek_second();
            ["like", "between", "in"]
                .iter()
                .any(|next| is_word(word, next))
        };
        if negated {
            self.advance();
        }
        let predicate = if self.take_word("like") {
            let pattern = self.sum()?;
            operation("like", vec![left, pattern], at.clone())?
        } else if self.take_word("between") {
            let low = self.sum()?;
            if !self.take_word("and") {
                return Err(self.unexpected("AND"));
            }
            let high = self.sum()?;
            operation("between", vec![left, low, high], at.clone())?
        } else if self.take_word("in") {
            let list_at = self.at();
            self.expect("(")?;
            let list = Expression {
                node: Node::List(self.rest_of_list(vec![])?),
                at: list_at,
            };
            operation("in", vec![left, list], at.clone())?
        } else {
            return Ok(left);
        };
        negate_if(negated, predicate, at)
    }

    fn sum(&mut self) -> Result<Expression, Cql2Error> {
        self.left_to_right(&["+", "-"], Self::product)
    }

    fn product(&mut self) -> Result<Expression, Cql2Error> {
        self.left_to_right(&["*", "/", "%", "div"], Self::power)
    }

    fn left_to_right(
        &mut self,
        operators: &[&'static str],
        mut read: impl FnMut(&mut Self) -> Result<Expression, Cql2Error>,
    ) -> Result<Expression, Cql2Error> {
        let mut left = read(self)?;
        loop {
            let at = self.at();
            let operator = operators
                .iter()
                .find(|operator| self.take(operator) || self.take_word(operator));
            let Some(operator) = operator else {
                return Ok(left);
            };
            self.count_arithmetic(&at)?;
            let right = read(self)?;
            left = operation(operator, vec![left, right], at)?;
        }
    }

    fn power(&mut self) -> Result<Expression, Cql2Error> {
        let base = self.factor()?;
        let at = self.at();
        if self.take("^") {
            self.count_arithmetic(&at)?;
            let exponent = self.nested(Self::power)?;
            return operation("^", vec![base, exponent], at);
        }
        Ok(base)
    }

    fn count_arithmetic(&mut self, at: &At) -> Result<(), Cql2Error> {
        self.arithmetic += 1;
        if self.arithmetic > MAX_ARITHMETIC {
            return Err(at.fault(format!("more than {MAX_ARITHMETIC} arithmetic operators")));
        }
        Ok(())
    }

    fn factor(&mut self) -> Result<Expression, Cql2Error> {
        let at = self.at();
        if self.take("+") {
            let number = self.number()?;
            return Ok(Expression {
                node: Node::Number(number),
                at,
            });
        }
        if !self.take("-") {
            return self.operand();
        }
        let factor = self.nested(Self::factor)?;
        if let Node::Number(number) = factor.node {
            let node = Node::Number(-number);
            return Ok(Expression { node, at });
        }
        // As the JSON encoding has to write it.
        let minus_one = Expression {
            node: Node::Number(-1.0),
            at: at.clone(),
        };
        operation("*", vec![minus_one, factor], at)
    }

    /// A number with or without a sign.
    pub(super) fn number(&mut self) -> Result<f64, Cql2Error> {
        let sign = if self.take("-") { -1.0 } else { 1.0 };
        if sign > 0.0 {
            self.take("+");
        }
        match self.peek() {
            &Token::Number(number) => {
                self.advance();
                Ok(sign * number)
            }
            _ => Err(self.unexpected("a number")),
        }
    }

    fn operand(&mut self) -> Result<Expression, Cql2Error> {
        let at = self.at();
        let node = match self.peek().clone() {
            Token::Symbol("(") => {
                self.advance();
                return self.bracket(at);
            }
            Token::Number(number) => {
                self.advance();
                Node::Number(number)
            }
            Token::Text(text) => {
                self.advance();
                Node::Text(text)
            }
            Token::Quoted(name) => {
                self.advance();
                if self.peek() == &Token::Symbol("(") {
                    self.function(&name, &at)?
                } else {
                    Node::Property(name)
                }
            }
            Token::Name(name) => self.named(name, &at)?,
            Token::Symbol(_) | Token::End => {
                return Err(self.unexpected("a property, a value or an opening bracket"));
            }
        };
        Ok(Expression { node, at })
    }

    /// What follows an opening bracket: one expression, or a list of none or several.
    fn bracket(&mut self, at: At) -> Result<Expression, Cql2Error> {
        if self.take(")") {
            return Ok(Expression {
                node: Node::List(vec![]),
                at,
            });
        }
        let first = self.condition()?;
        if self.take(")") {
            return Ok(first);
        }
        self.expect(",")?;
        let node = Node::List(self.rest_of_list(vec![first])?);
        Ok(Expression { node, at })
    }

    /// Items and the closing bracket.
    fn rest_of_list(&mut self, mut items: Vec<Expression>) -> Result<Vec<Expression>, Cql2Error> {
        loop {
            items.push(self.condition()?);
            if self.take(")") {
                return Ok(items);
            }
            self.expect(",")?;
        }
    }

    /// A word that is not in quotes: a literal, a geometry, a function or a property.
    fn named(&mut self, name: String, at: &At) -> Result<Node, Cql2Error> {
        let small = name.to_lowercase();
        match small.as_str() {
            "true" | "false" => {
                self.advance();
                return Ok(Node::Flag(small == "true"));
            }
            word if KEYWORDS.contains(&word) => {
                return Err(at.fault(format!(
                    "expected a property or a value, found the keyword {name}; a property of that name is written in double quotes"
                )));
            }
            _ => {}
        }
        self.advance();
        if wkt::is_geometry(&small, self.peek()) {
            return Ok(Node::Geometry(wkt::read(&small, self)?));
        }
        if self.peek() == &Token::Symbol("(") {
            return self.function(&name, at);
        }
        Ok(Node::Property(name))
    }

    fn function(&mut self, name: &str, at: &At) -> Result<Node, Cql2Error> {
        let small = name.to_lowercase();
        self.expect("(")?;
        match small.as_str() {
            "date" | "timestamp" => {
                let text_at = self.at();
                let Token::Text(text) = self.peek().clone() else {
                    return Err(self.unexpected("a text in single quotes"));
                };
                self.advance();
                self.expect(")")?;
                let kind = if small == "date" {
                    Instant::Date
                } else {
                    Instant::Timestamp
                };
                instant(kind, &text, &text_at)
            }
            "interval" => {
                let first = self.interval_end()?;
                self.expect(",")?;
                let last = self.interval_end()?;
                self.expect(")")?;
                Ok(Node::Interval(Box::new([first, last])))
            }
            "bbox" => {
                let mut numbers = vec![self.number()?];
                while self.take(",") {
                    numbers.push(self.number()?);
                }
                self.expect(")")?;
                Ok(Node::Bounds(numbers))
            }
            _ => {
                let operands = if self.take(")") {
                    vec![]
                } else {
                    self.rest_of_list(vec![])?
                };
                call(small, operands, at)
            }
        }
    }

    fn interval_end(&mut self) -> Result<Expression, Cql2Error> {
        let end = self.nested(Self::operand)?;
        interval_end(end)
    }
}

fn is_word(token: &Token, word: &str) -> bool {
    matches!(token, Token::Name(name) if name.eq_ignore_ascii_case(word))
}

fn operation(name: &str, operands: Vec<Expression>, at: At) -> Result<Expression, Cql2Error> {
    let node = call(name.to_owned(), operands, &at)?;
    Ok(Expression { node, at })
}

fn negate_if(negated: bool, predicate: Expression, at: At) -> Result<Expression, Cql2Error> {
    if negated {
        operation("not", vec![predicate], at)
    } else {
        Ok(predicate)
    }
}
