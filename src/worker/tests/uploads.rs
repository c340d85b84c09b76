//! Files of a launch: uploaded once per content, and a failure is the launch's own.

use std::io::Cursor;
use std::sync::Arc;

use super::florist::{Florist, World, assert_started, order};
use crate::message::{Command, Event};
use crate::model::{
    FileCheck, InputFile, InputFileId, InputId, LaunchId, LaunchOrder, MediaKind, MediaSource,
    OrderInput, OrderValue, ProblemAction, RunStage, TechniqueId,
};
use crate::studio::job::{Body, Failure, Job, Made, Technique};
use crate::studio::{Fault, Rule};
use crate::wire::{self, Extra, IoType};

const ID: &str = "tech_look";

/// Says that it was given a picture.
struct Look;

impl Technique for Look {
    fn spec(&self) -> wire::Technique {
        wire::Technique {
            technique_id: ID.to_owned(),
            name: "Look".to_owned(),
            slug: None,
            description: None,
            run_cost: None,
            inputs: vec![wire::InputSpec {
                id: "picture".to_owned(),
                name: "Picture".to_owned(),
                kind: IoType::ImageUrl,
                description: None,
                optional: false,
                allow_multiple: false,
                accepts_element: false,
                specified_aspect_ratio: None,
                specified_duration: None,
                extra: Extra::new(),
            }],
            outputs: Vec::new(),
            extra: Extra::new(),
        }
    }

    fn run(&self, _job: &Job<'_>) -> Result<Vec<Made>, Failure> {
        Ok(vec![Made {
            kind: IoType::Text,
            body: Body::Text("A picture.".to_owned()),
        }])
    }
}

async fn world() -> World {
    World::with(|config| config.techniques = vec![Box::new(Look)]).await
}

/// Hands a picture in, as a drop on the form does.
async fn picture(florist: &mut Florist) -> InputFile {
    let mut bytes = Vec::new();
    image::RgbImage::from_fn(32, 32, |x, y| image::Rgb([x as u8, y as u8, 9]))
        .write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png)
        .unwrap();
    let id = InputFileId::fresh();
    florist.send(Command::CheckFile {
        id,
        kind: MediaKind::Image,
        source: MediaSource::Bytes {
            name: "dunes.png".to_owned(),
            bytes: Arc::from(bytes),
        },
    });
    let check = florist
        .event("the file is checked", |event| match event {
            Event::FileChecked { id: checked, check } if *checked == id => Some(check.clone()),
            _ => None,
        })
        .await;
    match check {
        FileCheck::Ready(file) => file,
        FileCheck::Refused(problem) => panic!("refused: {problem:?}"),
    }
}

fn with_file(file: &InputFile) -> LaunchOrder {
    LaunchOrder {
        technique: TechniqueId::new(ID),
        inputs: vec![OrderInput {
            id: InputId::new("picture"),
            name: "Picture".to_owned(),
            kind: MediaKind::Image,
            value: OrderValue::File(file.clone()),
        }],
        ..order("")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_picture_is_uploaded_once_for_many_launches_and_later_ones() {
    let world = world().await;
    let mut florist = world.florist().await;
    let file = picture(&mut florist).await;
    let orders: Vec<LaunchOrder> = (0..4).map(|_| with_file(&file)).collect();
    let mut launches: Vec<LaunchId> = orders.iter().map(|order| order.id).collect();
    florist.send(Command::Launch(orders));
    florist.done(&launches).await;
    let later = with_file(&file);
    launches.push(later.id);
    florist.send(Command::Launch(vec![later]));
    florist.done(&launches).await;
    assert_eq!(world.requests("POST /assets"), 1);
    assert_started(&world, &launches);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_flora_refuses_goes_back_to_its_field() {
    let world = world().await;
    let no = Fault::Error {
        status: 400,
        code: "input_validation_error",
        message: "not this",
    };
    world.studio.faults().add(Rule::on("POST /assets", no));
    let mut florist = world.florist().await;
    let file = picture(&mut florist).await;
    let order = with_file(&file);
    let launch = order.id;
    florist.send(Command::Launch(vec![order]));
    let problem = florist
        .event("the form is told", |event| match event {
            Event::LaunchRefused {
                launch: refused,
                problem,
                ..
            } if *refused == launch => Some(problem.clone()),
            _ => None,
        })
        .await;
    assert_eq!(problem.action, ProblemAction::EditInputs);
    let [(field, words)] = problem.fields.as_slice() else {
        panic!("one field is told: {problem:?}");
    };
    assert_eq!(field, "picture");
    assert!(!words.is_empty());
    florist
        .until("the row is gone", |florist| florist.row(launch).is_none())
        .await;
    assert_started(&world, &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_breaks_off_again_and_again_is_tried_until_it_is_there() {
    let world = world().await;
    // More often than the client tries by itself.
    for fault in [Fault::Cut, Fault::LostAfter, Fault::Html(502), Fault::Cut] {
        let rule = Rule::on("POST /assets", fault);
        world.studio.faults().add(rule);
    }
    let mut florist = world.florist().await;
    let file = picture(&mut florist).await;
    let order = with_file(&file);
    let launch = order.id;
    florist.send(Command::Launch(vec![order]));
    florist.done(&[launch]).await;
    assert_started(&world, &[launch]);
    let stages = &florist.stages[&florist.row(launch).unwrap().key];
    assert!(!stages.contains(&RunStage::Failed), "{stages:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_in_the_middle_of_an_upload_only_makes_it_wait() {
    let world = world().await;
    let busy = Fault::Error {
        status: 401,
        code: "invalid_api_key",
        message: "revoked",
    };
    let mut florist = world.florist().await;
    let file = picture(&mut florist).await;
    world.studio.faults().add(Rule::on("POST /assets", busy));
    let order = with_file(&file);
    let launch = order.id;
    florist.send(Command::Launch(vec![order]));
    florist
        .until("it waits", |florist| {
            matches!(florist.connection, crate::model::Connection::KeyRefused(_))
                && florist.stage(launch) == Some(RunStage::Waiting)
        })
        .await;
    florist.send(Command::Connect(crate::message::ConnectTo::Flora {
        base_url: Some(world.studio.base_url()),
        key: Some(world.studio.api_key().to_owned().into()),
    }));
    florist.done(&[launch]).await;
    assert_started(&world, &[launch]);
}
